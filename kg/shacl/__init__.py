"""A SHACL validator for any data and any shapes: compiled shapes find candidates, pyshacl decides on them.

It knows nothing of this project's data; kg.validation is the command's side. From the bottom up:

    graph vocabulary paths      what is read, and how
    syntax                      what is wrong in a shapes graph itself
    characteristic_sets constraints targets compile
                                a shapes graph as tests that are sure, or leave it to pyshacl
    view footprint sparql       SPARQL constraints: what they read, and whom they may reject
    candidates pyshacl          who may not conform; the judge
    stored incremental validator
                                a graph on disk, what new data matters to, and the door
"""
