"""What the commands do and say: each module one command's composition and its words. Nothing imports it but `cli`."""
