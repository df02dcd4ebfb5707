using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Authorization;

namespace MiniKube.ApiServer.Admission;

/// <summary>Nobody becomes an administrator by asking for a certificate: clients of the API server may not be in the group that no rule binds.</summary>
internal sealed class CertificateSubjectRestriction : IValidatingAdmission
{
    public const string Name = "CertificateSubjectRestriction";

    private const string Signer = "kubernetes.io/kube-apiserver-client";
    private const string OrganizationOid = "2.5.4.10";

    public ValueTask ValidateAsync(AdmissionAttributes attributes, CancellationToken cancellationToken)
    {
        var request = attributes.Request;
        if (attributes is { Operation: AdmissionOperation.Create, Object: { } obj } && request.Subresource.Length == 0
            && request.Resource.Name is { Group: "certificates.k8s.io", Resource: "certificatesigningrequests" }
            && obj.StringAt("spec", "signerName") == Signer
            && GroupsOf(obj.StringAt("spec", "request") ?? "").Contains(SuperuserAuthorizer.Group))
        {
            throw StatusException.Forbidden(request.Resource.Name, request.Name, $"use of {Signer} signer with {SuperuserAuthorizer.Group} group is not allowed");
        }

        return ValueTask.CompletedTask;
    }

    // Validation has read it already.
    private static IEnumerable<string> GroupsOf(string base64)
    {
        var pem = Encoding.UTF8.GetString(Convert.FromBase64String(base64));
        var subject = CertificateRequest.LoadSigningRequestPem(pem, HashAlgorithmName.SHA256).SubjectName;
        return subject.EnumerateRelativeDistinguishedNames()
            .Where(name => !name.HasMultipleElements && name.GetSingleElementType().Value == OrganizationOid)
            .Select(name => name.GetSingleElementValue() ?? "");
    }
}
