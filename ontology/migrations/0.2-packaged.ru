# What `kg migrate 0.2` adds to the files of the packaged graph alone: how each was made, and its licence. <> is the file
# as a named graph. Of other people's files nobody here knows either.

PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX graph: <https://w3id.org/tilsagn/graph/>
PREFIX id: <https://w3id.org/tilsagn/id/>
PREFIX method: <https://w3id.org/tilsagn/code/method/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX til: <https://w3id.org/tilsagn/ns#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

# What other collections gave, under their own terms.
INSERT {
  <#encoding> a prov:Activity ;
    til:method method:imported ;
    prov:wasAssociatedWith id:agent-software-kg ;
    prov:generated <> .
  id:agent-software-kg a foaf:Agent , prov:SoftwareAgent ; skos:prefLabel "kg import"@en .
  <> dcterms:license ?licence .
}
WHERE {
  VALUES (?folder ?licence) {
    ("reference/cabinets/" <https://creativecommons.org/publicdomain/zero/1.0/>)
    ("reference/rates" <https://www.ecb.europa.eu/home/disclaimer/html/index.en.html>)
  }
  FILTER(STRSTARTS(STR(<>), CONCAT(STR(graph:), ?folder)))
  FILTER NOT EXISTS { <#encoding> til:method ?any }
};

# All else is ours: read word by word where there are anchors, from pages where there are none.
INSERT {
  <#encoding> a prov:Activity ;
    til:method ?method ;
    prov:wasAssociatedWith id:tilsagn-project ;
    prov:generated <> .
  <> dcterms:license <https://creativecommons.org/licenses/by/4.0/> .
}
WHERE {
  FILTER NOT EXISTS { <#encoding> til:method ?any }
  FILTER(STR(<>) != STR(graph:dataset))
  BIND(IF(EXISTS { ?anchor a oa:SpecificResource }, method:wordByWord, method:fromPage) AS ?method)
};

# When each file was first recorded, by the history of its repository. When the work on it began stands nowhere.
INSERT { <> prov:generatedAtTime ?time }
WHERE {
  VALUES (?file ?time) {
    ("reference/cabinet-names" "2026-11-22T04:29:19Z"^^xsd:dateTime)
    ("reference/offices" "2026-11-22T04:29:19Z"^^xsd:dateTime)
    ("documents/dk/2007-statsaftale" "2026-11-22T04:31:31Z"^^xsd:dateTime)
    ("documents/no/2019-hoyt-digitaliseringstempo" "2026-11-22T04:31:31Z"^^xsd:dateTime)
    ("reference/governments" "2026-11-22T04:31:31Z"^^xsd:dateTime)
    ("reference/organisations" "2026-11-22T04:31:31Z"^^xsd:dateTime)
    ("reference/people" "2026-11-22T04:31:31Z"^^xsd:dateTime)
    ("reference/periods" "2026-11-22T04:31:31Z"^^xsd:dateTime)
    ("reference/programmes" "2026-11-22T04:31:31Z"^^xsd:dateTime)
    ("reference/sources" "2026-11-22T04:31:31Z"^^xsd:dateTime)
    ("documents/dk/2009-350-mio-velfaerdsloesninger" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/dk/2009-abt-fondens-projekter" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/dk/2011-abt-fonden-skifter-navn" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/dk/2011-folkeskole-it-1500-mio" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/dk/2016-grunddata-finansiering" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/dk/2017-100-mio-digital-infrastruktur" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/dk/2017-bredbaandspuljen-fordoblet" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/dk/2018-digital-vaekst" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/dk/2018-investeringsfond-410-mio" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/dk/2019-stil-it-i-folkeskolen" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/dk/2021-cyberforsvar-500-mio" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/dk/2021-finanslov-2022-cyber" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/dk/2021-finanslov-2022-digitale-aftaler" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/dk/2021-oekonomiaftaler-digital-ramme" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/dk/2022-2-mia-digitaliseringsstrategi" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/dk/2022-digitaliseringsstrategi-skubbes-170-mio" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/dk/2023-ny-digitaliseringsstrategi" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/dk/2024-politisk-aftale-digitaliseringsstrategi" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/dk/2024-sdfi-bredbaandspuljen" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/dk/2025-beredskabsaftale-cyber" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/dk/2025-cyberstrategi-2026-2029" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/eu/2020-digital-europe" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/fi/2019-digitalisaation-edistamisohjelma" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/fi/2019-statsbudget-kommunernas-incitament" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/no/2015-ny-finansieringsordning-ikt" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/no/2016-atte-nye-ikt-prosjekter" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/no/2016-styrker-finansieringen-ikt" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/no/2017-difi-1209-millionar" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/no/2017-statsbudsjett-2018-kommunesektoren" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/no/2018-statsbudsjett-2019-sykehuslan" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/no/2019-digital-sikkerhet-16-mrd" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/no/2019-medfinansiering-124-mill" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/no/2019-nkom-50-mill-ekstra-bredband" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/no/2020-digdir-medfinansiering-2021" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/no/2020-digdir-tildeling-medfinansiering" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/no/2021-digdir-1906-mill" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/no/2021-helseanalyseplattformen-39-mill" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/no/2022-breiband-4127-millionar" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/no/2022-gjul-satser-pa-digitalisering" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/no/2023-ki-milliarden" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/no/2023-ks-16-mrd-digitalisering" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/se/2011-bredband-halv-miljard" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/se/2017-digitaliseringsmyndighet-200-mkr" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/se/2019-bredband-stodsystem" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/se/2019-varandringsbudget-bredband" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/se/2020-bredbandsstod-14-mdr" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/se/2020-digg-valkomnar-medel" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/se/2020-e-halsa-430-mkr" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/se/2023-avancerad-digitalisering" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("reference/timeline-organisations" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("reference/timeline-people" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("reference/timeline-periods" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("reference/timeline-programmes" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("reference/timeline-sources" "2026-11-22T04:46:42Z"^^xsd:dateTime)
    ("documents/dk/2017-40-mio-bredbaand" "2026-11-22T04:58:50Z"^^xsd:dateTime)
    ("documents/no/2020-15-mrd-digitalisering" "2026-11-22T04:58:50Z"^^xsd:dateTime)
    ("documents/no/2021-18-mrd-digitalisering" "2026-11-22T04:58:50Z"^^xsd:dateTime)
  }
  FILTER(STR(<>) = CONCAT(STR(graph:), ?file))
}
