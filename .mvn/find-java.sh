# Sourced by ./mvnw and ./elastic-jupyter: leaves JAVA_HOME at a JDK 25, or ends with what to install.
#
# Looked at, in this order: JAVA_HOME, JDK_25 (what CI systems set), the java on PATH, and the folders
# where distributions, SDK managers and macOS keep JDKs. The default java of a machine is often older.

ej_wanted_java=25

# Prints the feature release of the JDK in $1, from its "release" file, so that nothing has to be started.
ej_java_release() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

ej_find_java() {
  ej_on_path=$(command -v javac 2>/dev/null || true)
  if [ -n "$ej_on_path" ]; then
    ej_on_path=$(readlink -f "$ej_on_path" 2>/dev/null || printf '%s' "$ej_on_path")
    ej_on_path=${ej_on_path%/bin/javac}
  fi
  for ej_candidate in \
    "${JAVA_HOME:-}" "${JDK_25:-}" "${JAVA_HOME_25_X64:-}" "${JAVA_HOME_25_ARM64:-}" "$ej_on_path" \
    /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* \
    "${HOME:-/nonexistent}"/.sdkman/candidates/java/* "${HOME:-/nonexistent}"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    [ -n "$ej_candidate" ] || continue
    if [ "$(ej_java_release "$ej_candidate" 2>/dev/null || true)" = "$ej_wanted_java" ]; then
      printf '%s' "$ej_candidate"
      return 0
    fi
  done
  return 1
}

if ej_java_home=$(ej_find_java); then
  JAVA_HOME=$ej_java_home
  export JAVA_HOME
else
  cat >&2 <<MESSAGE
elastic-jupyter: no JDK $ej_wanted_java was found.
  Install one (for example Temurin $ej_wanted_java, package temurin-$ej_wanted_java-jdk or openjdk-$ej_wanted_java-jdk),
  or set JAVA_HOME to the folder of one, and run this again.
MESSAGE
  exit 1
fi
