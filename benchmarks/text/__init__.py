"""How the simulator's texts compare with real prompts: length, repetition, compression, speed."""
