"""Archives in a folder and in a bucket: what holds of one holds of the other."""

from archives import archive, bucket, buckets, location

__all__ = ["archive", "bucket", "buckets", "location"]
