#!/bin/sh
# The main job on the real graph, as a newcomer sees it: is it right, does it add up, who pays, how much is loan?
set -e
say() { printf '\n$ %s\n' "$*"; "$@"; }
export COLUMNS=150
echo 'Tilsagn: public money promises, traceable to the word.'
say kg validate --max 0
say kg reconcile --document doc-dk-2007-statsaftale --document doc-no-2019-hoyt-digitaliseringstempo -f text
say kg query payers --scope de-34-projekter -f table
say kg query by-kind --scope doc-no-2019-hoyt-digitaliseringstempo -f table
say kg query by-kind --scope doc-no-2019-hoyt-digitaliseringstempo --kind loan -f table --explain
cat <<'NEXT'

Next, in this folder:
  . .venv/bin/activate            # so that the shell finds kg
  kg find bredbånd                # words in any language, with their amounts
  kg show "Nikolai Astrup"        # one person, programme, promise or document
  kg query                        # all questions, each with an example
NEXT
