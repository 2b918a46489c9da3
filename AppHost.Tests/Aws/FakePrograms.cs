using System.Runtime.Versioning;

namespace Orders.AppHost.Tests.Aws;

/// <summary>
/// A folder that is the whole <c>PATH</c>: Node itself, and scripts instead of other programs.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class FakePrograms : IDisposable
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>The folder.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("orders-programs-").FullName;

    /// <summary>
    /// The arguments that the program <c>cdk</c> got, one per line; empty if it was not started.
    /// </summary>
    public IReadOnlyList<string> CdkArguments => File.Exists(Arguments) ? File.ReadAllLines(Arguments) : [];

    private string Arguments => Path.Combine(Folder, "arguments");

    /// <summary>Adds this machine's Node, which the CDK needs to create the stack.</summary>
    public FakePrograms WithNode()
    {
        var node = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "node")).First(File.Exists);
        File.CreateSymbolicLink(Path.Combine(Folder, "node"), node);
        return this;
    }

    /// <summary>Adds a program.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="script">Its script for sh; it cannot use any other program.</param>
    public FakePrograms With(string name, string script)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, Executable);
        return this;
    }

    /// <summary>Adds a command line of the CDK that records its arguments.</summary>
    /// <param name="says">Its output on standard error, like that of the CDK.</param>
    /// <param name="exitCode">Its exit code.</param>
    /// <param name="script">More commands to run; <c>$outputs</c> is the file for the stack's
    /// outputs.</param>
    public FakePrograms WithCdk(string says, int exitCode = 0, string script = "")
    {
        var text = Path.Combine(Folder, "says");
        File.WriteAllText(text, $"{says}\n");
        return With("cdk", $"""
            printf '%s\n' "$@" > '{Arguments}'
            while [ $# -gt 0 ]; do [ "$1" = --outputs-file ] && outputs=$2; shift; done
            {script}
            while IFS= read -r line; do printf '%s\n' "$line" >&2; done < '{text}'
            exit {exitCode}
            """);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
