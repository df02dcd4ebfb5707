using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Client;
using MiniKube.Client.Informers;
using MiniKube.Kubelet.Pods;

namespace MiniKube.Kubelet.Sources;

/// <summary>Keeps an object in the API for each static pod, so that users see it. It is made anew when someone deletes it; deleting it does not end the pod.</summary>
internal sealed partial class MirrorPods(IObjectClient client, PodManager pods, ILister<V1Node> nodes, string nodeName, TimeProvider clock, ILogger<MirrorPods> logger)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            try
            {
                await ReconcileAsync(cancellationToken);
            }
            catch (Exception exception) when (exception is StatusException or HttpRequestException)
            {
                Log.Failed(logger, exception.Message);
            }
        }
    }

    private async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        foreach (var pod in pods.Pods.Where(pod => pod.IsStatic()))
        {
            var mirror = pods.InApi(pod);
            if (mirror is null)
            {
                await CreateAsync(pod, cancellationToken);
            }
            else if (Hash(mirror, "kubernetes.io/config.mirror") != Hash(pod, "kubernetes.io/config.hash") && !mirror.IsDeleted())
            {
                await DeleteAsync(mirror, cancellationToken);
            }
        }

        foreach (var mirror in pods.Mirrors.Where(mirror => !pods.Pods.Any(pod => pod.IsStatic() && pod.Key() == mirror.Key())))
        {
            await DeleteAsync(mirror, cancellationToken);
        }
    }

    private static string? Hash(V1Pod pod, string annotation) =>
        pod.Metadata?.Annotations is { } annotations && annotations.TryGetValue(annotation, out var hash) ? hash : null;

    private async Task CreateAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        // The mirror belongs to its node, so that it goes when the node does.
        if (!nodes.TryGet(new Api.Meta.NamespacedName("", nodeName), out var node))
        {
            return;
        }

        var metadata = pod.Metadata ?? new V1ObjectMeta();
        var annotations = new Dictionary<string, string>(metadata.Annotations ?? new Dictionary<string, string>())
        {
            ["kubernetes.io/config.mirror"] = Hash(pod, "kubernetes.io/config.hash") ?? "",
        };
        var mirror = pod with
        {
            Metadata = new V1ObjectMeta
            {
                Name = metadata.Name,
                NamespaceProperty = metadata.NamespaceProperty,
                Labels = metadata.Labels,
                Annotations = annotations,
                OwnerReferences = [new V1OwnerReference { ApiVersion = "v1", Kind = "Node", Name = nodeName, Uid = node.Metadata?.Uid, Controller = true }],
            },
            Status = null,
        };
        try
        {
            await client.CreateAsync(mirror, cancellationToken);
        }
        catch (StatusException exception) when (exception.Status.Code == 409)
        {
            // It is there; the watch will tell of it.
        }
    }

    private async Task DeleteAsync(V1Pod mirror, CancellationToken cancellationToken)
    {
        var options = new V1DeleteOptions { GracePeriodSeconds = 0, Preconditions = new V1Preconditions { Uid = mirror.Uid() } };
        try
        {
            await client.DeleteAsync<V1Pod>(mirror.Key(), options, cancellationToken);
        }
        catch (StatusException exception) when (exception.Status.Code is 404 or 409)
        {
            // Gone already.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Failed to keep the mirrors of static pods; it is tried again: {Problem}")]
        public static partial void Failed(ILogger logger, string problem);
    }
}
