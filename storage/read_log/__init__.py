"""The read log: who looked at what about whom, for which purpose. Written before an answer leaves, never changed."""
