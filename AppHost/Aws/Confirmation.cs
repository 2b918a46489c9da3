#pragma warning disable ASPIREPIPELINES001, ASPIREINTERACTION001 // May change in a later Aspire; its version is pinned.
using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Orders.AppHost.Aws;

/// <summary>Asks before something is removed, as Aspire's own steps do.</summary>
internal static class Confirmation
{
    /// <summary>Asks, unless <c>--yes</c> was given.</summary>
    /// <param name="context">The step that removes.</param>
    /// <param name="question">What is removed, and what is kept.</param>
    /// <exception cref="DistributedApplicationException">The answer is no, or there is no terminal to ask
    /// at.</exception>
    public static async Task AskAsync(PipelineStepContext context, string question)
    {
        if (context.Services.GetRequiredService<IOptions<PipelineOptions>>().Value.SkipConfirmation)
        {
            return;
        }

        var interaction = context.Services.GetRequiredService<IInteractionService>();
        if (!interaction.IsAvailable)
        {
            throw new DistributedApplicationException(
                "Nothing was removed, since this console cannot be asked. Confirm it with --yes; without the Aspire CLI, with --yes true.");
        }

        var answer = await interaction.PromptNotificationAsync(
            "Remove the stack",
            question,
            new NotificationInteractionOptions
            {
                Intent = MessageIntent.Confirmation,
                ShowSecondaryButton = true,
                ShowDismiss = false,
                PrimaryButtonText = "Remove",
                SecondaryButtonText = "Cancel",
            },
            context.CancellationToken);
        if (answer.Canceled || !answer.Data)
        {
            throw new DistributedApplicationException("Nothing was removed, as you answered.");
        }
    }
}
