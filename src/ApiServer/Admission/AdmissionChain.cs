namespace MiniKube.ApiServer.Admission;

/// <summary>All admission plugins, in upstream's order.</summary>
internal sealed class AdmissionChain(IReadOnlyList<IMutatingAdmission> mutating, IReadOnlyList<IValidatingAdmission> validating)
{
    public async ValueTask MutateAsync(AdmissionAttributes attributes, CancellationToken cancellationToken)
    {
        foreach (var plugin in mutating)
        {
            await plugin.MutateAsync(attributes, cancellationToken);
        }
    }

    public async ValueTask ValidateAsync(AdmissionAttributes attributes, CancellationToken cancellationToken)
    {
        foreach (var plugin in validating)
        {
            await plugin.ValidateAsync(attributes, cancellationToken);
        }
    }
}
