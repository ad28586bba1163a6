"""What a real installation should look like, compared with what is there; every fault with what mends it."""
