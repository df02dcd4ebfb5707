using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Client.Controllers;
using MiniKube.Client.Informers;

namespace MiniKube.ControllerManager.Certificates;

/// <summary>Issues what was approved, for the built-in signers. Without the files of an authority nothing is signed.</summary>
internal sealed class RequestSigningController(
    IObjectClient client, ILister<V1CertificateSigningRequest> requests, ControllerManagerOptions options, TimeProvider clock) : IController
{
    private readonly CertificateSigner? _signer = options is { ClusterSigningCertFile: { } certificate, ClusterSigningKeyFile: { } key }
        ? new CertificateSigner(certificate, key, options.ClusterSigningDuration, clock)
        : null;

    public string Name => "certificatesigningrequest-signing-controller";

    public void Configure(ControllerBuilder controller) => controller.For<V1CertificateSigningRequest>();

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (_signer is null
            || !requests.TryGet(key, out var csr)
            || csr.Spec.SignerName is not { } signer
            || !Signers.IsBuiltIn(signer)
            || csr.IsIssued()
            || !csr.Has(RequestConditions.Approved)
            || csr.Has(RequestConditions.Failed))
        {
            return ReconcileResult.Done;
        }

        var request = csr.Parse();
        if (Signers.FaultOf(signer, request, csr.Spec.Usages) is { } fault)
        {
            await client.UpdateStatusAsync(csr.With(RequestConditions.Failed, "SignerValidationFailure", fault, clock), cancellationToken);
            return ReconcileResult.Done;
        }

        TimeSpan? wanted = csr.Spec.ExpirationSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        var certificate = _signer.Sign(request, [.. csr.Spec.Usages], wanted);
        await client.UpdateStatusAsync(csr with { Status = (csr.Status ?? new V1CertificateSigningRequestStatus()) with { Certificate = certificate } }, cancellationToken);
        return ReconcileResult.Done;
    }
}
