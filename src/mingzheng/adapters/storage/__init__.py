"""Objects and resumable uploads, and journals only this program can read."""

from mingzheng.adapters.storage.files import FileStore
from mingzheng.adapters.storage.port import ObjectStore, StorageFault, Stored, Upload

__all__ = ["FileStore", "ObjectStore", "StorageFault", "Stored", "Upload"]
