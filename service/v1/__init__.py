"""The API for systems at `/v1`: JSON in, JSON out, described by `/v1/openapi.json`. Pages of ours call it too."""
