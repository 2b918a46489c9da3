namespace Orders.Engines.Processes;

/// <summary>
/// Runs an engine that needs a certain signal to stop, for a parent that may send another signal or kill.
/// The parent starts a shell; the engine is not a descendant of it. Whatever ends the shell, the engine gets
/// SIGINT, which for Postgres means "end the sessions, write everything, and exit" (fast shutdown).
/// </summary>
internal static class EngineGuard
{
    /// <summary>The program that the parent starts.</summary>
    public const string Shell = "/bin/sh";

    // Two named pipes connect the two sides. "held" closes when the outer shell ends in any way; "ended"
    // returns the engine's exit code. A subshell that exits at once starts the inner shell, so that the
    // engine is not found by a program that kills a process with its descendants.
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
    /// <param name="folder">Must be writable for the engine's user. On a file system without named pipes,
    /// the engine runs without the guard.</param>
    /// <param name="program">The engine.</param>
    /// <param name="arguments">Its arguments.</param>
    public static IEnumerable<string> Arguments(string folder, string program, IEnumerable<string> arguments) =>
        ["-c", Script.ReplaceLineEndings("\n"), "guard", folder, Launcher.SetSidPath ?? "", program, .. arguments];
}
