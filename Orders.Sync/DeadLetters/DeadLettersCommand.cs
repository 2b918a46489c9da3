using System.CommandLine;
using Orders.ServiceDefaults.Commands;

namespace Orders.Sync.DeadLetters;

/// <summary><c>dead-letters</c></summary>
internal static class DeadLettersCommand
{
    public static Command Create(CommandRunner runner) => new(
        "dead-letters",
        """
        Records that could not be applied. Each is kept whole with the reason; later records of the same order wait behind it, in order, and all else
        goes on. Mend the cause, then redrive; or discard the record, then redrive the order to apply what waits behind it.
        """)
    {
        ListCommand.Create(runner),
        RedriveCommand.Create(runner),
        DiscardCommand.Create(runner),
    };
}
