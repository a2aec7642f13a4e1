"""Who calls and how often: tokens and certificates of systems, single sign-on, throttles, bounds, masks."""
