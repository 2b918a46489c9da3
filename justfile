# https://just.systems: `just` lists these. Each is one command that can as well be typed.

_list:
    @just --list --unsorted

# Everything, with the Aspire dashboard
run *args:
    dotnet run --project AppHost -- {{args}}

# Everything in one process, without the dashboard
local *args:
    dotnet run --project Orders.Local -- {{args}}

# A command of the consumer: just sync status
sync *args:
    dotnet run --project Orders.Sync -- {{args}}

# All tests, or those of a class: just test CursorSealTests
test name="":
    dotnet test {{ if name == "" { "Orders.sln -m:1" } else { "Orders.Tests --filter " + name } }}

# The simulation from one seed, every event told
simulate seed:
    ORDERS_SEED={{seed}} dotnet test Orders.Tests --filter FullyQualifiedName~Simulation.SimulationTests

# Bugs made one by one in a copy of the tree: which test catches each? Or those of some names
planted *names:
    node Orders.Tests/Planted/run.mjs {{names}}

# What CI does: build, style, tests
check:
    .ci/run

# Put white space and style right
format:
    dotnet format whitespace Orders.sln
    dotnet format style Orders.sln

# The packages, into a folder
pack folder="artifacts":
    dotnet pack Orders.sln -c Release -o {{folder}}

# The bill of materials (CycloneDX) of all .NET projects and of the gateway, into a folder
sbom folder="artifacts":
    dotnet tool restore
    dotnet CycloneDX Orders.sln --output {{folder}} --output-format Json --filename orders.cdx.json --exclude-test-projects --exclude-dev
    cd Orders.GraphQL && npm sbom --package-lock-only --sbom-format cyclonedx --omit dev > ../{{folder}}/orders-graphql.cdx.json

# A benchmark: apply, read, write, freshness, growth, idle, overload, warehouse or all; or soak
bench name="all" *args:
    dotnet run -c Release --project Orders.Bench -- {{name}} {{args}}
