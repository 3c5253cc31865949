"""What only a browser can show: pages seen, used by keyboard, read by axe. Marked `browser`."""
