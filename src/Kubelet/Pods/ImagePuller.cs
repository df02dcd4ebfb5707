using System.Collections.Concurrent;
using System.Text.RegularExpressions;

using k8s.Models;

using MiniKube.Api.Serialization;
using MiniKube.Client.Events;
using MiniKube.Kubelet.Runtime;

namespace MiniKube.Kubelet.Pods;

/// <summary>Makes sure that a container's image is on the node, as its pull policy says.</summary>
internal sealed partial class ImagePuller(
    IImageService images, IEventRecorder events, IPullSecrets secrets, BackOff backOff, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, (DateTimeOffset At, string Message)> _failures = [];

    public async Task<ImageInfo> EnsureAsync(V1Pod pod, V1Container container, CancellationToken cancellationToken)
    {
        var name = Normalize(pod, container);
        var present = await images.FindAsync(name, cancellationToken);
        var policy = container.ImagePullPolicy ?? DefaultPolicy(name);
        if (present is not null && policy != "Always")
        {
            Record(pod, container, "Normal", "Pulled", $"Container image \"{container.Image}\" already present on machine");
            return present;
        }

        if (policy == "Never")
        {
            var message = $"Container image \"{container.Image}\" is not present with pull policy of Never";
            Record(pod, container, "Warning", "ErrImageNeverPull", message);
            Record(pod, container, "Warning", "Failed", "Error: ErrImageNeverPull");
            throw new ContainerStartException("ErrImageNeverPull", message, TimeSpan.FromSeconds(10));
        }

        return await PullAsync(pod, container, name, cancellationToken);
    }

    public void Forget(string uid)
    {
        backOff.Forget(uid);
        foreach (var key in _failures.Keys.Where(key => key.StartsWith(uid, StringComparison.Ordinal)))
        {
            _failures.TryRemove(key, out _);
        }
    }

    /// <summary>Always for the tag latest, else only if it is missing.</summary>
    internal static string DefaultPolicy(string name) => name.EndsWith(":latest", StringComparison.Ordinal) ? "Always" : "IfNotPresent";

    private async Task<ImageInfo> PullAsync(V1Pod pod, V1Container container, string name, CancellationToken cancellationToken)
    {
        var key = $"{pod.Uid()}/{name}";
        if (_failures.TryGetValue(key, out var failure) && backOff.Remaining(key, failure.At) is var left && left > TimeSpan.Zero)
        {
            Record(pod, container, "Normal", "BackOff", $"Back-off pulling image \"{container.Image}\"");
            Record(pod, container, "Warning", "Failed", "Error: ImagePullBackOff");
            throw new ContainerStartException("ImagePullBackOff", $"Back-off pulling image \"{container.Image}\": ErrImagePull: {failure.Message}", left);
        }

        Record(pod, container, "Normal", "Pulling", $"Pulling image \"{container.Image}\"");
        var started = clock.GetTimestamp();
        try
        {
            var image = await images.PullAsync(name, await secrets.ForAsync(pod, cancellationToken), cancellationToken);
            var took = GoDuration.Format(TimeSpan.FromMilliseconds(Math.Floor(clock.GetElapsedTime(started).TotalMilliseconds)));
            Record(pod, container, "Normal", "Pulled",
                $"Successfully pulled image \"{container.Image}\" in {took} ({took} including waiting). Image size: {image.Size} bytes.");
            _failures.TryRemove(key, out _);
            return image;
        }
        catch (ContainerRuntimeException exception)
        {
            Record(pod, container, "Warning", "Failed", $"Failed to pull image \"{container.Image}\": {exception.Message}");
            Record(pod, container, "Warning", "Failed", "Error: ErrImagePull");
            var now = clock.GetUtcNow();
            backOff.Next(key, now);
            _failures[key] = (now, exception.Message);

            // The next look, a moment later, shows ImagePullBackOff.
            throw new ContainerStartException("ErrImagePull", exception.Message, TimeSpan.FromSeconds(1));
        }
    }

    private string Normalize(V1Pod pod, V1Container container)
    {
        var name = container.Image ?? "";
        if (!Reference().IsMatch(name))
        {
            var message = $"Failed to apply default image tag \"{name}\": couldn't parse image name \"{name}\": invalid reference format";
            Record(pod, container, "Warning", "InspectFailed", message);
            Record(pod, container, "Warning", "Failed", "Error: InvalidImageName");
            throw new ContainerStartException("InvalidImageName", message, TimeSpan.FromSeconds(10));
        }

        var slash = name.LastIndexOf('/');
        return name.Contains('@', StringComparison.Ordinal) || name.IndexOf(':', slash + 1) >= 0 ? name : $"{name}:latest";
    }

    private void Record(V1Pod pod, V1Container container, string type, string reason, string message) =>
        events.Record(pod, type, reason, message, pod.FieldPath(container.Name));

    // domain[:port]/path[:tag][@digest]; the path is in lower case.
    [GeneratedRegex(@"^(?:[A-Za-z0-9][A-Za-z0-9.-]*(?::[0-9]+)?/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*(?::[\w][\w.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?$", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();
}
