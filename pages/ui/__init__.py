"""What pages share: session state, caches, look and text."""
