using MiniKube.Api.Errors;
using MiniKube.Api.Quantities;
using MiniKube.Api.Serialization;
using MiniKube.Client;

namespace MiniKube.ControllerManager.Autoscaling;

/// <summary>Asks the metrics API what pods use.</summary>
internal sealed class MetricsReader(IObjectClient client)
{
    /// <summary>By pod. A pod is left out when one of its containers is not measured. Throws InvalidOperationException when nothing is known.</summary>
    public async Task<IReadOnlyDictionary<string, PodUsage>> ReadAsync(
        string @namespace, string selector, string resource, string? container, CancellationToken cancellationToken)
    {
        IReadOnlyList<PodMetrics> metrics;
        try
        {
            metrics = (await client.ListAsync<PodMetrics>(new ListQuery(@namespace) { LabelSelector = selector }, cancellationToken)).Items;
        }
        catch (StatusException exception)
        {
            throw new InvalidOperationException(
                $"unable to get metrics for resource {resource}: unable to fetch metrics from resource metrics API: {exception.Message}", exception);
        }

        return metrics.Count == 0
            ? throw new InvalidOperationException($"unable to get metrics for resource {resource}: no metrics returned from resource metrics API")
            : new Dictionary<string, PodUsage>(
                from pod in metrics
                let usage = Usage(pod, resource, container)
                where usage is not null
                select new KeyValuePair<string, PodUsage>(pod.Metadata?.Name ?? "", usage));
    }

    private static PodUsage? Usage(PodMetrics pod, string resource, string? container)
    {
        var containers = (pod.Containers ?? []).Where(candidate => container is null || candidate.Name == container).ToList();
        if (containers.Count == 0 || !containers.TrueForAll(candidate => candidate.Usage?.ContainsKey(resource) == true))
        {
            return null;
        }

        var window = GoDuration.TryParse(pod.Window ?? "", out var nanoseconds) ? TimeSpan.FromTicks(nanoseconds / 100) : TimeSpan.Zero;
        return new PodUsage(containers.Sum(candidate => Quantity.From(candidate.Usage?[resource]).MilliValue), pod.Timestamp ?? default, window);
    }
}
