"""Customer table and plan to segmentation: features, clustering, score cards, advice."""
