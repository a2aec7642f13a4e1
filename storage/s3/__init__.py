"""A store on an S3 server, through the `minio` SDK. Only S3 calls that MinIO, SeaweedFS, RustFS and Ceph share."""

from storage.s3.store import S3Store

__all__ = ["S3Store"]
