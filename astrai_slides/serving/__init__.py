"""The domain of LLM serving: simulators, parts and words of its decks."""
