#!/usr/bin/env bash
# Two databases with an owner each; neither may enter the other's. Run once by the PostgreSQL image, on an empty volume.
set -euo pipefail

for name in portal desk; do
    variable="${name^^}_PASSWORD_FILE"
    # psql quotes the password; on standard input no list of processes shows it.
    psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname=postgres <<SQL
\set password \`cat "${!variable}"\`
CREATE ROLE $name LOGIN PASSWORD :'password';
CREATE DATABASE $name OWNER $name;
REVOKE ALL ON DATABASE $name FROM PUBLIC;
SQL
done
