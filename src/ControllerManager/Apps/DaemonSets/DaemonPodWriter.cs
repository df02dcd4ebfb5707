using System.Runtime.ExceptionServices;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Client;
using MiniKube.Client.Controllers;
using MiniKube.ControllerManager.Pods;

namespace MiniKube.ControllerManager.Apps.DaemonSets;

/// <summary>Makes and deletes daemons, and expects to see it.</summary>
internal sealed class DaemonPodWriter(IPodControl podControl, Expectations expectations)
{
    /// <summary>One sync never floods the API server; what is left over is done in the next one. Upstream's number.</summary>
    private const int Burst = 250;

    /// <returns>The first failure; null when there was none.</returns>
    public async Task<ExceptionDispatchInfo?> WriteAsync(DaemonState state, DaemonChanges changes, CancellationToken cancellationToken)
    {
        var create = changes.Create.Take(Burst).ToList();
        var delete = changes.Delete.Take(Burst).ToList();
        if (create.Count == 0 && delete.Count == 0)
        {
            return null;
        }

        var key = state.DaemonSet.Key();
        expectations.Expect(key, create.Count, delete.Select(pod => pod.Metadata?.Uid ?? ""));
        var failures = await Task.WhenAll(
            [CreateAsync(state, create, cancellationToken), .. delete.Select(pod => DeleteAsync(state, pod, cancellationToken))]);
        return failures.FirstOrDefault(failure => failure is not null);
    }

    private async Task<ExceptionDispatchInfo?> CreateAsync(DaemonState state, List<string> nodes, CancellationToken cancellationToken)
    {
        var template = DaemonPodTemplate.Of(state.DaemonSet, state.Hash);
        var next = -1;
        var (succeeded, failure) = await SlowStart.RunAsync(
            nodes.Count,
            token => podControl.CreateAsync(state.DaemonSet, DaemonPodTemplate.For(template, nodes[Interlocked.Increment(ref next)]), token),
            cancellationToken);
        // Those that failed, and those that were not tried after the failure, will not be seen.
        for (var i = succeeded; i < nodes.Count; i++)
        {
            expectations.CreationObserved(state.DaemonSet.Key());
        }

        return failure?.SourceException is StatusException exception && PodControl.IsNamespaceTerminating(exception) ? null : failure;
    }

    private async Task<ExceptionDispatchInfo?> DeleteAsync(DaemonState state, V1Pod pod, CancellationToken cancellationToken)
    {
        try
        {
            if (!await podControl.DeleteAsync(state.DaemonSet, pod, cancellationToken))
            {
                // Its deletion was told before it was expected.
                expectations.DeletionObserved(state.DaemonSet.Key(), pod.Metadata?.Uid ?? "");
            }

            return null;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            expectations.DeletionObserved(state.DaemonSet.Key(), pod.Metadata?.Uid ?? "");
            return ExceptionDispatchInfo.Capture(exception);
        }
    }
}
