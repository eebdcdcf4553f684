"""What is filed in each evidence library of the demo, one file a library."""
