using MiniKube.ApiServer.Metrics;

namespace MiniKube.ApiServer.Admission;

/// <summary>All admission plugins, in upstream's order. A plugin without a name is a rule that upstream has elsewhere: it is not measured by itself.</summary>
internal sealed class AdmissionChain(
    IReadOnlyList<(string Name, IMutatingAdmission Plugin)> mutating,
    IReadOnlyList<(string Name, IValidatingAdmission Plugin)> validating,
    AdmissionMetrics metrics,
    TimeProvider clock)
{
    public ValueTask MutateAsync(AdmissionAttributes attributes, CancellationToken cancellationToken) => RunAsync(
        "admit", mutating, static (plugin, attributes, cancellationToken) => plugin.MutateAsync(attributes, cancellationToken), attributes, cancellationToken);

    public ValueTask ValidateAsync(AdmissionAttributes attributes, CancellationToken cancellationToken) => RunAsync(
        "validate", validating, static (plugin, attributes, cancellationToken) => plugin.ValidateAsync(attributes, cancellationToken), attributes, cancellationToken);

    private async ValueTask RunAsync<T>(
        string type,
        IReadOnlyList<(string Name, T Plugin)> plugins,
        Func<T, AdmissionAttributes, CancellationToken, ValueTask> run,
        AdmissionAttributes attributes,
        CancellationToken cancellationToken)
    {
        var (began, operation) = (clock.GetTimestamp(), attributes.Operation);
        var isRejected = true;
        try
        {
            foreach (var (name, plugin) in plugins)
            {
                var pluginBegan = clock.GetTimestamp();
                var isPluginRejected = true;
                try
                {
                    await run(plugin, attributes, cancellationToken);
                    isPluginRejected = false;
                }
                finally
                {
                    if (name.Length > 0)
                    {
                        metrics.PluginTook(name, type, operation, isPluginRejected, clock.GetElapsedTime(pluginBegan));
                    }
                }
            }

            isRejected = false;
        }
        finally
        {
            metrics.StepTook(type, operation, isRejected, clock.GetElapsedTime(began));
        }
    }
}
