"""Near-duplicates of Chinese texts: what two of them share, and whether an auditor is shown it (domain.md O2).

texts: one plain form of a text · grams: hashes of its character n-grams, and the sample that an index keeps ·
shortlist: which indexed texts are worth reading · similarity: exact comparison · passages: what stands in both ·
memory: the index of a corpus without a database · pictures: the same photograph again.
"""
