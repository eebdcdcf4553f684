"""The workspace file: YAML with places, packs merged under it, parameters filled in, keys checked.

This room knows the file format and what belongs to no kind of resource (tenant, people, periods,
evidence, freshness). Kinds bring their own models, and the engine checks those parts with
`validate.model_problems`. Nothing here needs a network, a clock or a secret.
"""
