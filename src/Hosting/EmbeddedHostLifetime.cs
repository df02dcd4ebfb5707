using Microsoft.Extensions.Hosting;

namespace MiniKube.Hosting;

/// <summary>Leaves signals alone: the command line turns them into a cancelled token, and several components may share a process.</summary>
internal sealed class EmbeddedHostLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
