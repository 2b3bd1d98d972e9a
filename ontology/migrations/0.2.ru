# What `kg migrate 0.2` does to a file that was written for 0.1 of the ontology, one file at a time.
#
# Every rule finds nothing in a file that is as 0.2 has it. No IRI of a thing goes: what is removed is a statement, and
# what it said is said in another way. Lengths and prefixes need the text, and are kg/migration.py's.

PREFIX adms: <http://www.w3.org/ns/adms#>
PREFIX country: <http://publications.europa.eu/resource/authority/country/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX dctypes: <http://purl.org/dc/dcmitype/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX id: <https://w3id.org/tilsagn/id/>
PREFIX m8g: <http://data.europa.eu/m8g/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX rights: <https://w3id.org/tilsagn/code/rights/>
PREFIX schema: <http://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX spdx: <http://spdx.org/rdf/terms#>
PREFIX til: <https://w3id.org/tilsagn/ns#>
PREFIX why: <https://w3id.org/tilsagn/code/not-summed/>

# The text that positions count in is a thing of its own: a document may have many forms, and the checksum is of one.
INSERT {
  ?text a dctypes:Text ;
    dcterms:isFormatOf ?document ;
    dcterms:format <https://www.iana.org/assignments/media-types/text/plain> ;
    dcterms:rights rights:quotedOnly .
}
WHERE {
  { ?anchor oa:hasSource ?document } UNION { ?document a foaf:Document ; spdx:checksum ?sum }
  FILTER(isIRI(?document) && !STRENDS(STR(?document), "-text"))
  BIND(IRI(CONCAT(STR(?document), "-text")) AS ?text)
};

DELETE { ?document spdx:checksum ?sum }
INSERT { ?text spdx:checksum ?sum }
WHERE {
  ?text a dctypes:Text ; dcterms:isFormatOf ?document .
  ?document spdx:checksum ?sum .
};

DELETE { ?anchor oa:hasSource ?document }
INSERT { ?anchor oa:hasSource ?text }
WHERE {
  ?text a dctypes:Text ; dcterms:isFormatOf ?document .
  ?anchor oa:hasSource ?document .
};

# One selector that was both the place and the words becomes two: the IRI that there was keeps the place.
DELETE { ?selector a oa:TextQuoteSelector ; oa:exact ?words ; oa:prefix ?before ; oa:suffix ?after }
INSERT {
  ?anchor oa:hasSelector ?quote .
  ?quote a oa:TextQuoteSelector ; oa:exact ?words ; oa:prefix ?before ; oa:suffix ?after .
}
WHERE {
  ?anchor oa:hasSelector ?selector .
  ?selector a oa:TextPositionSelector , oa:TextQuoteSelector ; oa:exact ?words .
  OPTIONAL { ?selector oa:prefix ?before }
  OPTIONAL { ?selector oa:suffix ?after }
  FILTER(isIRI(?selector))
  BIND(IRI(CONCAT(REPLACE(STR(?selector), "-selector$", ""), "-quote")) AS ?quote)
};

# An address is schema:url; foaf:page stays beside it for this version.
INSERT { ?document schema:url ?page }
WHERE {
  ?document foaf:page ?page .
  FILTER(isIRI(?page))
};

# An identifier says which register it is of; the plain literals stay beside it for this version.
INSERT {
  ?body adms:identifier ?identifier .
  ?identifier a adms:Identifier ;
    skos:notation ?number ;
    adms:schemaAgency "Enhetsregisteret"@nb ;
    dcterms:creator id:bronnoysundregistrene .
  id:bronnoysundregistrene a m8g:PublicOrganisation ; skos:prefLabel "Brønnøysundregistrene"@nb , "Brønnøysund Register Centre"@en .
}
WHERE {
  ?body org:identifier ?number ; dcterms:spatial country:NOR .
  FILTER(isIRI(?body) && REGEX(?number, "^[0-9]{9}$"))
  BIND(IRI(CONCAT(STR(?body), "-enhetsregisteret")) AS ?identifier)
};

INSERT {
  ?thing adms:identifier ?identifier .
  ?identifier a adms:Identifier ;
    skos:notation ?number ;
    adms:schemaAgency "ParlGov"@en ;
    dcterms:creator id:parlgov .
  id:parlgov a foaf:Group ; skos:prefLabel "ParlGov"@da , "ParlGov"@en , "ParlGov"@nb , "ParlGov"@sv .
}
WHERE {
  ?thing dcterms:identifier ?said .
  FILTER(isIRI(?thing) && REGEX(?said, "^ParlGov (cabinet|party) [0-9]+$"))
  BIND(STRAFTER(?said, "ParlGov ") AS ?number)
  BIND(IRI(CONCAT(STR(?thing), "-parlgov-", REPLACE(?number, " ", "-"))) AS ?identifier)
};

# SKOS mappings are of concepts. A person, a body, a programme that is the same elsewhere has schema:sameAs; one that is
# near, and a class, a property or a list, rdfs:seeAlso.
DELETE { ?thing skos:exactMatch ?same }
INSERT { ?thing schema:sameAs ?same }
WHERE {
  ?thing skos:exactMatch ?same .
  # A file may speak of a thing that another one says the class of: who is a member of something is no concept.
  { ?thing a ?kind } UNION { ?membership org:member ?thing . BIND(foaf:Agent AS ?kind) }
  FILTER(?kind NOT IN (
    skos:Concept, org:Role, skos:ConceptScheme, owl:Class, owl:ObjectProperty, owl:DatatypeProperty
  ))
  FILTER NOT EXISTS { ?thing a ?concept . FILTER(?concept IN (skos:Concept, org:Role)) }
};

DELETE { ?thing ?mapping ?other }
INSERT { ?thing rdfs:seeAlso ?other }
WHERE {
  VALUES ?mapping { skos:exactMatch skos:closeMatch skos:broadMatch skos:narrowMatch skos:relatedMatch }
  ?thing ?mapping ?other ; a ?kind .
  FILTER NOT EXISTS { ?thing a ?concept . FILTER(?concept IN (skos:Concept, org:Role)) }
};

# Municipalities, regions, parties or actors together are no organisation with a will of its own.
DELETE { ?group a org:OrganizationalCollaboration }
INSERT { ?group a foaf:Group }
WHERE {
  VALUES ?group {
    id:kommunerne-dk id:regionerne-dk id:kommunene-no id:kommunerna-fi id:folketingets-partier-dk
    id:aktorene-standardisert-sprak
  }
  ?group a org:OrganizationalCollaboration .
};

# Why a figure is not summed is derived anew. These three reasons are no more: a whole whose parts do not exhaust it
# counts itself, and stages and payers are told apart in columns.
DELETE { ?figure til:notSummed ?why }
WHERE {
  VALUES ?why { why:whole why:superseded why:sharedPayers }
  ?figure til:notSummed ?why .
}
