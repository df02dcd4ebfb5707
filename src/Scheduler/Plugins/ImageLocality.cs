using MiniKube.Scheduler.Framework;

namespace MiniKube.Scheduler.Plugins;

/// <summary>Prefers nodes that have the pod's large images already, unless few nodes have them: then they would gather all such pods.</summary>
internal sealed class ImageLocality : IScorePlugin
{
    // Upstream's bounds: what is below makes no difference, what is above is as good as it gets.
    private const long MinThreshold = 23L * 1024 * 1024;
    private const long MaxContainerThreshold = 1000L * 1024 * 1024;

    public string Name => "ImageLocality";

    public int Weight => 1;

    public IPodScorer? PreScore(PodInfo pod, IReadOnlyList<NodeInfo> nodes, Snapshot snapshot)
    {
        var spec = pod.Pod.Spec;
        var images = (spec?.InitContainers ?? []).Concat(spec?.Containers ?? [])
            .Select(container => Normalize(container.Image ?? ""))
            .ToList();
        var spread = images.Distinct(StringComparer.Ordinal).ToDictionary(image => image, image => SpreadOf(image, nodes), StringComparer.Ordinal);
        return spread.Values.Any(share => share > 0) ? new PodScorer(images, spread) : null;
    }

    private static double SpreadOf(string image, IReadOnlyList<NodeInfo> nodes) =>
        (double)nodes.Count(node => node.ImageSizes.ContainsKey(image)) / nodes.Count;

    // As container runtimes name images: without a tag, the tag is latest.
    private static string Normalize(string image) =>
        image.LastIndexOf(':') <= image.LastIndexOf('/') ? image + ":latest" : image;

    private sealed class PodScorer(IReadOnlyList<string> images, Dictionary<string, double> spread) : IPodScorer
    {
        public long Score(NodeInfo node)
        {
            var sum = 0L;
            foreach (var image in images)
            {
                sum += node.ImageSizes.TryGetValue(image, out var size) ? (long)(size * spread[image]) : 0;
            }

            var max = MaxContainerThreshold * images.Count;
            return IPodScorer.MaxScore * (Math.Clamp(sum, MinThreshold, max) - MinThreshold) / (max - MinThreshold);
        }
    }
}
