"""How actors weigh their options: what they expect of each other, and what an option is worth."""
