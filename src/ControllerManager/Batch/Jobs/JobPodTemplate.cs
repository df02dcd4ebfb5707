using System.Globalization;

using k8s.Models;

namespace MiniKube.ControllerManager.Batch.Jobs;

/// <summary>The pods of a job: what its controller adds to the template. Pure.</summary>
internal static class JobPodTemplate
{
    private const string IndexVariable = "JOB_COMPLETION_INDEX";

    // The server adds five characters to a name of at most 63.
    private const int MaxGeneratedPrefix = 58;

    public static V1PodTemplateSpec Of(V1Job job)
    {
        var template = job.Spec?.Template ?? new V1PodTemplateSpec();
        var metadata = template.Metadata ?? new V1ObjectMeta();
        return template with
        {
            Metadata = metadata with { Finalizers = [.. (metadata.Finalizers ?? []).Where(other => other != JobPods.TrackingFinalizer), JobPods.TrackingFinalizer] },
        };
    }

    /// <summary>The pod of an index knows it by annotation, label, variable and host name.</summary>
    /// <param name="job">Whose.</param>
    /// <param name="index">The index.</param>
    /// <param name="replaced">The pod that failed at the index, whose failures are counted on; null for none.</param>
    public static V1PodTemplateSpec Of(V1Job job, int index, V1Pod? replaced)
    {
        var template = Of(job);
        var text = index.ToString(CultureInfo.InvariantCulture);
        var annotations = new Dictionary<string, string>(template.Metadata.Annotations ?? new Dictionary<string, string>()) { [JobPods.IndexKey] = text };
        if (job.HasLimitPerIndex())
        {
            AddFailures(job, annotations, replaced);
        }

        var spec = template.Spec ?? new V1PodSpec();
        return template with
        {
            Metadata = template.Metadata with
            {
                Annotations = annotations,
                Labels = new Dictionary<string, string>(template.Metadata.Labels ?? new Dictionary<string, string>()) { [JobPods.IndexKey] = text },
            },
            Spec = spec with
            {
                Hostname = $"{job.Metadata?.Name}-{text}",
                Containers = [.. (spec.Containers ?? []).Select(WithIndex)],
                InitContainers = spec.InitContainers is null ? null : [.. spec.InitContainers.Select(WithIndex)],
            },
        };
    }

    public static string GenerateName(V1Job job, int index)
    {
        var suffix = string.Create(CultureInfo.InvariantCulture, $"-{index}-");
        var name = job.Metadata?.Name ?? "";
        return $"{(name.Length + suffix.Length > MaxGeneratedPrefix ? name[..(MaxGeneratedPrefix - suffix.Length)] : name)}{suffix}";
    }

    private static void AddFailures(V1Job job, Dictionary<string, string> annotations, V1Pod? replaced)
    {
        var (failures, ignored) = replaced is null ? (0, 0) : (JobPods.FailureCount(replaced), JobPods.IgnoredCount(replaced));
        if (replaced is not null)
        {
            (failures, ignored) = PodFailureMatch.Of(job, replaced).IsCounted ? (failures + 1, ignored) : (failures, ignored + 1);
        }

        annotations[JobPods.FailureCountKey] = failures.ToString(CultureInfo.InvariantCulture);
        if (ignored > 0)
        {
            annotations[JobPods.IgnoredCountKey] = ignored.ToString(CultureInfo.InvariantCulture);
        }
    }

    private static V1Container WithIndex(V1Container container) => container.Env?.Any(variable => variable.Name == IndexVariable) == true
        ? container
        : container with
        {
            Env =
            [
                .. container.Env ?? [],
                new V1EnvVar
                {
                    Name = IndexVariable,
                    ValueFrom = new V1EnvVarSource { FieldRef = new V1ObjectFieldSelector { FieldPath = $"metadata.labels['{JobPods.IndexKey}']" } },
                },
            ],
        };
}
