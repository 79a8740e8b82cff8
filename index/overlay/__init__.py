"""What has been taken out of an index: the list every reader asks first, and how it comes to be and takes effect."""
