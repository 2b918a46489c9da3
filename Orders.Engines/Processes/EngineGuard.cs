namespace Orders.Engines.Processes;

/// <summary>
/// Lets a process that someone else starts, and may kill, run an engine that must end by a signal of its
/// own. The process is a shell that the engine does not descend from: whatever ends the shell, the engine
/// gets SIGINT, which Postgres takes as "end the sessions, write everything, and end".
/// </summary>
internal static class EngineGuard
{
    /// <summary>What runs as the process.</summary>
    public const string Shell = "/bin/sh";

    // Two named pipes tie the two sides together. "held" closes when the outer shell ends, however it ends;
    // "ended" brings it the engine's exit code. The inner shell is started by a subshell that ends at once,
    // so that nobody who kills a process with its children finds the engine below it.
    private const string Script = """
        cd "$1" && rm -f guard.held guard.ended && mkfifo -m 600 guard.held guard.ended || { shift 2; exec "$@"; }
        session=$2
        shift 2
        ($session /bin/sh -c '
          exec 4> guard.ended 3< guard.held
          "$@" 3<&- 4>&- < /dev/null &
          engine=$!
          {
            exec 4>&-
            read -r held <&3
            kill -INT $engine
            left=100
            while kill -0 $engine && [ $left -gt 0 ]; do sleep 0.2; left=$((left-1)); done
            kill -QUIT $engine
          } 2> /dev/null &
          watcher=$!
          wait $engine
          code=$?
          kill $watcher
          { echo $code >&4; } 2> /dev/null
        ' guard "$@" &)
        exec 4< guard.ended 3> guard.held
        rm -f guard.held guard.ended
        asked=
        trap "asked=yes; exec 3>&-" INT TERM HUP
        until read -r code <&4; do
          [ -n "$asked" ] || { code=137; break; }
          asked=
        done
        exit "$code"
        """;

    /// <summary>The arguments for <see cref="Shell"/>.</summary>
    /// <param name="folder">The engine's user may write there; a file system without named pipes leaves the
    /// engine unguarded.</param>
    /// <param name="program">The engine.</param>
    /// <param name="arguments">Its arguments.</param>
    public static IEnumerable<string> Arguments(string folder, string program, IEnumerable<string> arguments) =>
        ["-c", Script.ReplaceLineEndings("\n"), "guard", folder, Launcher.SetSidPath ?? "", program, .. arguments];
}
