using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Authentication;
using MiniKube.ApiServer.Authorization;
using MiniKube.ApiServer.Filters;

namespace MiniKube.ApiServer.Admission;

/// <summary>
/// Who approves or signs requests for certificates needs more than the right to change them: <c>approve</c> or <c>sign</c> on the signer that they name
/// (resource <c>signers</c>, by its name or by its domain and <c>/*</c>). Two of upstream's plugins, alike but for the verb.
/// </summary>
internal sealed class CertificateSigners : IValidatingAdmission
{
    public const string ApprovalName = "CertificateApproval";
    public const string SigningName = "CertificateSigning";

    private const string Group = "certificates.k8s.io";

    private readonly IAuthorizer _authorizer;
    private readonly string _subresource;
    private readonly string _verb;

    private CertificateSigners(IAuthorizer authorizer, string subresource, string verb)
    {
        _authorizer = authorizer;
        _subresource = subresource;
        _verb = verb;
    }

    public static CertificateSigners Approval(IAuthorizer authorizer) => new(authorizer, "approval", "approve");

    public static CertificateSigners Signing(IAuthorizer authorizer) => new(authorizer, "status", "sign");

    public async ValueTask ValidateAsync(AdmissionAttributes attributes, CancellationToken cancellationToken)
    {
        var request = attributes.Request;
        if (attributes is not { Operation: AdmissionOperation.Update, Old: { } old, Object: { } obj } || request.Subresource != _subresource
            || request.Resource.Name is not { Group: Group, Resource: "certificatesigningrequests" })
        {
            return;
        }

        // Other news of a request (a label by its status) need no right to sign.
        if (_verb == "sign" && JsonNode.DeepEquals(obj["status"], old["status"]))
        {
            return;
        }

        // The stored name counts, whatever this write says.
        var signer = old.StringAt("spec", "signerName") ?? "";
        if (!await MayAsync(request.User, signer, cancellationToken)
            && !await MayAsync(request.User, $"{signer.Split('/')[0]}/*", cancellationToken))
        {
            throw StatusException.Forbidden(request.Resource.Name, request.Name, $"user not permitted to {_verb} requests with signerName {GoText.Quote(signer)}");
        }
    }

    private async ValueTask<bool> MayAsync(UserInfo user, string signer, CancellationToken cancellationToken)
    {
        var question = new RequestInfo
        {
            Path = "",
            Verb = _verb,
            IsResourceRequest = true,
            Group = Group,
            Version = "*",
            Resource = "signers",
            Name = signer,
        };
        return (await _authorizer.AuthorizeAsync(user, question, cancellationToken)).IsAllowed;
    }
}
