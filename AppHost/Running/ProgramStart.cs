using Orders.Engines;
using Orders.Engines.Processes;

namespace Orders.AppHost.Running;

/// <summary>
/// Finds or installs a program when its resource is started, so that the dashboard shows the progress.
/// </summary>
internal static class ProgramStart
{
    /// <summary>Returns how to start the program on a given port.</summary>
    public delegate EngineStart Describe(int port);

    /// <summary>Finds or installs the program.</summary>
    public delegate Task<Describe> Prepare(IProgress<EngineStep> progress, CancellationToken cancellationToken);

    /// <summary>Adds the program as a resource.</summary>
    /// <param name="builder">Gets it.</param>
    /// <param name="resource">The program; give it one endpoint named <paramref name="endpoint"/>.</param>
    /// <param name="endpoint">The endpoint whose port the program gets.</param>
    /// <param name="prepare">Runs before each start. Its failure is shown in the console and as the
    /// resource's state.</param>
    public static IResourceBuilder<T> AddProgram<T>(this IDistributedApplicationBuilder builder, T resource, string endpoint, Prepare prepare)
        where T : ProgramResource
    {
        Describe? describe = null;
        var program = builder.AddResource(resource);
        return program
            .WithArgs(context =>
            {
                foreach (var argument in Start().Command().Arguments)
                {
                    context.Args.Add(argument);
                }
            })
            .WithEnvironment(context =>
            {
                foreach (var (name, value) in Start().Environment)
                {
                    context.EnvironmentVariables[name] = value;
                }
            })
            .OnBeforeResourceStarted(async (started, happened, cancellationToken) =>
            {
                var state = ProgramState.Of(started, happened.Services);
                try
                {
                    describe = await prepare(state, cancellationToken);
                }
                catch (EngineException failure)
                {
                    await state.FailAsync(failure);
                    throw;
                }

                // Port 0, because these values do not depend on the port.
                var start = describe(0);
                (started.Program, started.User, started.Mark) = (start.CommandProgram, start.User, start.Mark);
                (started.Source, started.IfDamaged) = (start.Source, start.IfDamaged);
                program.WithCommand(start.Command().Program).WithWorkingDirectory(start.Folder);
            });

        EngineStart Start() => (describe ?? throw new InvalidOperationException($"{resource.Name} is not prepared yet."))(resource.GetEndpoint(endpoint).Port);
    }
}
