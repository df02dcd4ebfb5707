using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Client;

namespace MiniKube.Benchmarks.FirstLight;

/// <summary>Times one pod from the request that creates it until a watch says that it is Running, then deletes it.</summary>
internal sealed class PodStartTimer(IObjectClient client, TimeProvider clock)
{
    private const string Namespace = "default";

    public async Task<TimeSpan> MeasureAsync(string name, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var created = await client.CreateAsync(Pod(name), cancellationToken);
        await WaitAsync(name, created.ResourceVersion(), pod => pod?.Status?.Phase == "Running", cancellationToken);
        var elapsed = clock.GetElapsedTime(started);

        await client.DeleteAsync<V1Pod>(new NamespacedName(Namespace, name), new V1DeleteOptions { GracePeriodSeconds = 0 }, cancellationToken);
        return elapsed;
    }

    private async Task WaitAsync(string name, string version, Func<V1Pod?, bool> satisfies, CancellationToken cancellationToken)
    {
        var query = new ListQuery(Namespace, FieldSelector: $"metadata.name={name}", ResourceVersion: version);
        await foreach (var change in client.WatchAsync<V1Pod>(query, cancellationToken))
        {
            if (satisfies(change.Object))
            {
                return;
            }
        }

        throw new InvalidOperationException($"The watch of pod {name} ended before the pod ran.");
    }

    private static V1Pod Pod(string name) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = Namespace },
        Spec = new V1PodSpec
        {
            Containers = [new V1Container { Name = "sleep", Image = "busybox:1.36", Command = ["sleep", "3600"] }],
            TerminationGracePeriodSeconds = 0,
        },
    };
}
