using MiniKube.ApiServer.Admission;

using Prometheus;

namespace MiniKube.ApiServer.Metrics;

/// <summary>Upstream's metrics of admission: how long each step (type admit or validate) and each plugin of it took, and whether it refused.</summary>
internal sealed class AdmissionMetrics(IMetricFactory metrics)
{
    private static readonly HistogramConfiguration Configuration = new() { Buckets = [0.005, 0.025, 0.1, 0.5, 1, 2.5] };

    private readonly Histogram _steps = metrics.CreateHistogram(
        "apiserver_admission_step_admission_duration_seconds", "How long a step of admission took.", ["operation", "rejected", "type"], Configuration);

    private readonly Histogram _plugins = metrics.CreateHistogram(
        "apiserver_admission_controller_admission_duration_seconds", "How long a plugin of admission took.", ["name", "operation", "rejected", "type"], Configuration);

    public void StepTook(string type, AdmissionOperation operation, bool isRejected, TimeSpan time) =>
        _steps.WithLabels(Text(operation), Text(isRejected), type).Observe(time.TotalSeconds);

    public void PluginTook(string name, string type, AdmissionOperation operation, bool isRejected, TimeSpan time) =>
        _plugins.WithLabels(name, Text(operation), Text(isRejected), type).Observe(time.TotalSeconds);

    private static string Text(bool value) => value ? "true" : "false";

    private static string Text(AdmissionOperation operation) => operation switch
    {
        AdmissionOperation.Create => "CREATE",
        AdmissionOperation.Update => "UPDATE",
        AdmissionOperation.Delete => "DELETE",
        _ => "CONNECT",
    };
}
