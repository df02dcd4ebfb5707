using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Authorization;

namespace MiniKube.ApiServer.Admission;

/// <summary>Nobody becomes an administrator by asking for a certificate: clients of the API server may not be in the group that no rule binds.</summary>
internal sealed class CertificateSubjectRestriction : IValidatingAdmission
{
    public const string Name = "CertificateSubjectRestriction";

    private const string Signer = "kubernetes.io/kube-apiserver-client";

    public ValueTask ValidateAsync(AdmissionAttributes attributes, CancellationToken cancellationToken)
    {
        var request = attributes.Request;
        if (attributes is { Operation: AdmissionOperation.Create, Object: { } obj } && request.Subresource.Length == 0
            && request.Resource.Name is { Group: "certificates.k8s.io", Resource: "certificatesigningrequests" }
            && obj.StringAt("spec", "signerName") == Signer
            && RequestedSubject.Of(obj)?.Organizations.Contains(SuperuserAuthorizer.Group) == true)
        {
            throw StatusException.Forbidden(request.Resource.Name, request.Name, $"use of {Signer} signer with {SuperuserAuthorizer.Group} group is not allowed");
        }

        return ValueTask.CompletedTask;
    }
}
