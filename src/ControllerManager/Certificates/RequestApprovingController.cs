using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Client;
using MiniKube.Client.Controllers;
using MiniKube.Client.Informers;

namespace MiniKube.ControllerManager.Certificates;

/// <summary>
/// Approves kubelets' requests for client certificates, when who asks may have such: a node its own (selfnodeclient), or whoever joins nodes any (nodeclient). Both are
/// subresources that exist only to be granted.
/// </summary>
internal sealed partial class RequestApprovingController(
    IObjectClient client, ILister<V1CertificateSigningRequest> requests, TimeProvider clock, ILogger<RequestApprovingController> logger) : IController
{
    private const string Group = "certificates.k8s.io";
    private const string Resource = "certificatesigningrequests";

    public string Name => "certificatesigningrequest-approving-controller";

    public void Configure(ControllerBuilder controller) => controller.For<V1CertificateSigningRequest>();

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (!requests.TryGet(key, out var csr)
            || csr.Spec.SignerName != Signers.KubeletClient
            || csr.IsIssued()
            || csr.Has(RequestConditions.Approved)
            || csr.Has(RequestConditions.Denied))
        {
            return ReconcileResult.Done;
        }

        var request = csr.Parse();
        if (Signers.KubeletClientFault(request, csr.Spec.Usages) is not null)
        {
            return ReconcileResult.Done;
        }

        if (csr.Spec.Username == request.CommonName && await MayAsync(csr, "selfnodeclient", cancellationToken))
        {
            await ApproveAsync(csr, "Auto approving self kubelet client certificate after SubjectAccessReview.", cancellationToken);
        }
        else if (await MayAsync(csr, "nodeclient", cancellationToken))
        {
            await ApproveAsync(csr, "Auto approving kubelet client certificate after SubjectAccessReview.", cancellationToken);
        }
        else
        {
            Log.NotAllowed(logger, key.Name, csr.Spec.Username);
        }

        return ReconcileResult.Done;
    }

    private Task<V1CertificateSigningRequest> ApproveAsync(V1CertificateSigningRequest csr, string message, CancellationToken cancellationToken) =>
        client.UpdateSubresourceAsync(csr.With(RequestConditions.Approved, "AutoApproved", message, clock), "approval", cancellationToken);

    private async Task<bool> MayAsync(V1CertificateSigningRequest csr, string subresource, CancellationToken cancellationToken)
    {
        var spec = csr.Spec;
        var review = await client.CreateAsync(
            new V1SubjectAccessReview
            {
                ApiVersion = "authorization.k8s.io/v1",
                Kind = "SubjectAccessReview",
                Spec = new V1SubjectAccessReviewSpec
                {
                    User = spec.Username,
                    Uid = spec.Uid,
                    Groups = spec.Groups,
                    Extra = spec.Extra,
                    ResourceAttributes = new V1ResourceAttributes { Group = Group, Resource = Resource, Verb = "create", Subresource = subresource, Version = "*" },
                },
            },
            cancellationToken);
        return review.Status?.Allowed == true;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Recognized the kubelet client request {Name}, but {User} may not have it")]
        public static partial void NotAllowed(ILogger logger, string name, string user);
    }
}
