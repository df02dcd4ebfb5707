using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Admission;

/// <summary>
/// Writes into a new CertificateSigningRequest who asks, whatever the client says. Not a plugin that can be turned off; upstream has it in the strategy of the kind.
/// </summary>
internal sealed class CertificateRequestor : IMutatingAdmission
{
    public ValueTask MutateAsync(AdmissionAttributes attributes, CancellationToken cancellationToken)
    {
        var (operation, request, obj, _) = attributes;
        if (operation != AdmissionOperation.Create || request.Resource.Kind is not { Group: "certificates.k8s.io", Kind: "CertificateSigningRequest" } || obj is null)
        {
            return ValueTask.CompletedTask;
        }

        var spec = obj.GetOrAddObject("spec");
        var user = request.User;
        spec["username"] = user.Name;
        spec["uid"] = user.Uid;
        spec["groups"] = Strings(user.Groups);
        spec["extra"] = user.Extra.Count == 0 ? null : new JsonObject(user.Extra.Select(extra => KeyValuePair.Create(extra.Key, (JsonNode?)Strings(extra.Value))));
        return ValueTask.CompletedTask;
    }

    private static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(value => JsonValue.Create(value))]);
}
