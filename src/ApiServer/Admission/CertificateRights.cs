using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Authorization;
using MiniKube.ApiServer.Filters;

namespace MiniKube.ApiServer.Admission;

/// <summary>
/// Who may approve and who may sign requests of which signer: verbs on the virtual resource <c>signers</c>, named by signer or by domain. And nobody asks for a client
/// certificate of the group that may do everything. Upstream has a plugin for each of the three.
/// </summary>
internal sealed class CertificateRights(IAuthorizer authorizer, IReadOnlyCollection<string> disabled) : IValidatingAdmission
{
    private const string Group = "certificates.k8s.io";
    private const string ApiServerClient = "kubernetes.io/kube-apiserver-client";
    private const string Superusers = "system:masters";

    public async ValueTask ValidateAsync(AdmissionAttributes attributes, CancellationToken cancellationToken)
    {
        var request = attributes.Request;
        if (request.Resource.Name is not { Group: Group, Resource: "certificatesigningrequests" } || attributes.Object is not { } csr)
        {
            return;
        }

        var signer = (attributes.Old ?? csr).StringAt("spec", "signerName") ?? "";
        switch (attributes.Operation, request.Subresource)
        {
            case (AdmissionOperation.Update, "approval") when IsOn("CertificateApproval"):
                await RequireAsync(attributes, "approve", signer, cancellationToken);
                break;
            case (AdmissionOperation.Update, "status") when IsOn("CertificateSigning") && ChangesIssue(csr, attributes.Old):
                await RequireAsync(attributes, "sign", signer, cancellationToken);
                break;
            case (AdmissionOperation.Create, "") when IsOn("CertificateSubjectRestriction") && signer == ApiServerClient:
                CheckSubject(attributes, csr);
                break;
        }
    }

    private bool IsOn(string plugin) => !disabled.Contains(plugin);

    private static bool ChangesIssue(JsonObject csr, JsonObject? old) =>
        csr.StringAt("status", "certificate") != old.StringAt("status", "certificate") || !JsonNode.DeepEquals(Failures(csr), Failures(old));

    private static JsonArray Failures(JsonObject? csr) => new(
        [.. (csr.At("status", "conditions") as JsonArray ?? []).Where(condition => condition.StringAt("type") == "Failed").Select(condition => condition?.DeepClone())]);

    private static void CheckSubject(AdmissionAttributes attributes, JsonObject csr)
    {
        if (RequestedSubject.Of(csr)?.Organizations.Contains(Superusers) == true)
        {
            throw StatusException.Forbidden(
                attributes.Request.Resource.Name,
                csr.StringAt("metadata", "name") ?? "",
                $"use of {ApiServerClient} signer with {Superusers} group is not allowed");
        }
    }

    private async ValueTask RequireAsync(AdmissionAttributes attributes, string verb, string signer, CancellationToken cancellationToken)
    {
        string[] names = [signer, $"{signer.Split('/')[0]}/*"];
        foreach (var name in names)
        {
            var question = new RequestInfo { Path = "", Verb = verb, IsResourceRequest = true, Group = Group, Version = "*", Resource = "signers", Name = name };
            if ((await authorizer.AuthorizeAsync(attributes.Request.User, question, cancellationToken)).IsAllowed)
            {
                return;
            }
        }

        throw StatusException.Forbidden(
            attributes.Request.Resource.Name, attributes.Request.Name, $"user not permitted to {verb} requests with signerName {GoText.Quote(signer)}");
    }
}
