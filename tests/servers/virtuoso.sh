#!/bin/sh
# A Virtuoso of one's own on loopback, with graphs loaded by its bulk loader, until standard input is closed.
#
#     virtuoso.sh FOLDER HTTP_PORT SQL_PORT FILE.ttl…
#
# FOLDER (empty or new) takes the database. Each file becomes the named graph urn:tilsagn:NAME, NAME without its
# ending; ask it at http://127.0.0.1:HTTP_PORT/sparql?default-graph-uri=urn:tilsagn:NAME. Prints "ready" when all is
# loaded. Debian: virtuoso-opensource-7, virtuoso-opensource-7-bin (tests/servers/install.sh).
set -eu
folder=$1 http=$2 sql=$3
shift 3
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

allowed="$folder"
for file in "$@"; do
  allowed="$allowed, $(cd "$(dirname "$file")" && pwd)"
done

cat >"$folder/virtuoso.ini" <<INI
[Database]
DatabaseFile = $folder/virtuoso.db
ErrorLogFile = $folder/virtuoso.log
LockFile = $folder/virtuoso.lck
TransactionFile = $folder/virtuoso.trx
xa_persistent_file = $folder/virtuoso.pxa
ErrorLogLevel = 7
FileExtend = 200
MaxCheckpointRemap = 2000
[TempDatabase]
DatabaseFile = $folder/virtuoso-temp.db
TransactionFile = $folder/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:$sql
ServerThreads = 8
CheckpointInterval = 0
NumberOfBuffers = ${VIRTUOSO_BUFFERS:-20000}
MaxDirtyBuffers = ${VIRTUOSO_DIRTY:-15000}
DirsAllowed = $allowed
[HTTPServer]
ServerPort = 127.0.0.1:$http
ServerThreads = 6
[SPARQL]
MaxQueryExecutionTime = 600
MaxQueryCostEstimationTime = 0
INI

cd "$folder"
virtuoso-t +foreground +configfile "$folder/virtuoso.ini" >"$folder/out.log" 2>&1 </dev/null &
server=$!
trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null' EXIT
trap 'exit 1' INT TERM HUP

ask() { isql-vt "127.0.0.1:$sql" dba dba verbose=off banner=off prompt=off "exec=$1"; }

tries=0
until ask "select 1;" >/dev/null 2>&1; do
  tries=$((tries + 1))
  if [ "$tries" -gt 300 ] || ! kill -0 "$server" 2>/dev/null; then
    echo "virtuoso.sh: the server did not start:" >&2
    tail -5 "$folder/out.log" "$folder/virtuoso.log" >&2
    exit 1
  fi
  sleep 0.2
done

for file in "$@"; do
  path=$(cd "$(dirname "$file")" && pwd)/$(basename "$file")
  name=$(basename "$file")
  ask "DB.DBA.ld_add('$path', 'urn:tilsagn:${name%.*}');" >/dev/null
done
ask "rdf_loader_run(); checkpoint;" >/dev/null
failed=$(ask "select ll_file, ll_error from DB.DBA.LOAD_LIST where ll_error is not null or ll_state <> 2;")
if [ -n "$(printf '%s' "$failed" | tr -d '[:space:]')" ]; then
  echo "virtuoso.sh: not loaded: $failed" >&2
  exit 1
fi
echo ready
cat >/dev/null
