"""Provide archives in a folder and in a bucket, so that each test covers both."""

from archives import archive, bucket, buckets, location

__all__ = ["archive", "bucket", "buckets", "location"]
