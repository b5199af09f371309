"""What the commands do and say: each module one command's composition and its words. Only `cli` calls them."""
