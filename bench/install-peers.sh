#!/bin/sh
# What the benchmarks run beside us: Apache Jena (Debian's jars) and pyshifty (PyPI), the latter in a virtual
# environment of its own. Called by the benchmarks' reader, never by the tests. Needs root for Debian's packages.
#
#   bench/install-peers.sh [FOLDER]     FOLDER takes the virtual environment and the class path (default: .venv-bench)
set -eu

folder=${1:-.venv-bench}
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)

if [ ! -d /usr/share/doc/libapache-jena-java ]; then
    if [ "$(id -u)" = 0 ]; then run=''; else run='sudo'; fi
    $run env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        libapache-jena-java default-jre-headless libslf4j-java zip
fi

[ -x "$folder/bin/python" ] || "${PYTHON:-python3}" -m venv "$folder"
if [ -f "$here/requirements.lock" ]; then
    # The lock has every package that is needed, so pip need not resolve: extras are not named in it.
    "$folder/bin/python" -m pip install --quiet --no-deps --require-hashes -r "$here/requirements.lock"
else
    "$folder/bin/python" -m pip install --quiet 'pyshifty>=0.5.1'
fi

# Debian's jena-core looks for its repackaged Xerces messages under xerces/, and has them under
# org/apache/jena/ext/xerces/: every command dies at its start until both are there. slf4j-nop must be the only
# binding, or each run writes warnings.
mkdir -p "$folder/jena"
for jar in /usr/share/java/jena-core*.jar /usr/share/java/jena-*.jar; do
    unzip -qo "$jar" 'org/apache/jena/ext/xerces/*.properties' -d "$folder/jena" 2>/dev/null || true
done
if [ -d "$folder/jena/org/apache/jena/ext/xerces" ]; then
    mkdir -p "$folder/jena/xerces"
    cp -R "$folder/jena/org/apache/jena/ext/xerces/." "$folder/jena/xerces/"
fi

path="$folder/jena"
for jar in /usr/share/java/*.jar; do
    case $(basename "$jar") in
        slf4j-simple* | slf4j-jdk14* | slf4j-log4j* | slf4j-reload4j* | slf4j-jcl* | slf4j-android* | log4j-slf4j* | logback*) ;;
        *) path="$path:$jar" ;;
    esac
done
printf '%s\n' "$path" > "$folder/jena.classpath"
echo "peers are in $folder: Jena's class path in $folder/jena.classpath" >&2
