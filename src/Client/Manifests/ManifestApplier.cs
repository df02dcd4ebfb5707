using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

using MiniKube.Api.Meta;
using MiniKube.Api.Serialization;

namespace MiniKube.Client.Manifests;

/// <summary>
/// Brings objects to what a manifest (YAML, documents divided by a line <c>---</c>) says, by server-side apply with force: applied twice, nothing changes. Discovery tells the path of a kind.
/// A failure is an <see cref="HttpRequestException"/> with the server's answer.
/// </summary>
/// <param name="client">Its base address is the server's.</param>
/// <param name="fieldManager">In whose name the fields are set.</param>
public sealed class ManifestApplier(HttpClient client, string fieldManager)
{
    private readonly Dictionary<string, JsonElement> _resources = new(StringComparer.Ordinal);

    public async Task ApplyAsync(string manifest, CancellationToken cancellationToken)
    {
        foreach (var document in manifest.Split("\n---\n"))
        {
            await ApplyDocumentAsync(document, cancellationToken);
        }
    }

    private async Task ApplyDocumentAsync(string document, CancellationToken cancellationToken)
    {
        var obj = YamlCodec.Parse(Encoding.UTF8.GetBytes(document)).Object;
        var kind = GroupVersionKind.Parse((string?)obj["apiVersion"] ?? "", (string?)obj["kind"] ?? "");
        var name = (string?)obj["metadata"]?["name"];
        var path = await PathAsync(kind, (string?)obj["metadata"]?["namespace"] ?? "default", cancellationToken);
        using var content = new StringContent(document, new MediaTypeHeaderValue("application/apply-patch+yaml"));
        using var answer = await client.PatchAsync(
            new Uri($"{path}/{name}?fieldManager={fieldManager}&force=true", UriKind.Relative), content, cancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            var status = await answer.Content.ReadAsStringAsync(cancellationToken);
            throw new HttpRequestException($"{kind.Kind} {name} could not be applied: {status}", null, answer.StatusCode);
        }
    }

    private async Task<string> PathAsync(GroupVersionKind kind, string ns, CancellationToken cancellationToken)
    {
        var version = kind.Group.Length == 0 ? $"/api/{kind.Version}" : $"/apis/{kind.Group}/{kind.Version}";
        if (!_resources.TryGetValue(version, out var list))
        {
            list = await client.GetFromJsonAsync<JsonElement>(new Uri(version, UriKind.Relative), cancellationToken);
            _resources[version] = list;
        }

        var resource = list.GetProperty("resources").EnumerateArray().First(candidate =>
            candidate.GetProperty("kind").GetString() == kind.Kind && candidate.GetProperty("name").GetString()?.Contains('/', StringComparison.Ordinal) == false);
        var within = resource.GetProperty("namespaced").GetBoolean() ? $"/namespaces/{ns}" : "";
        return $"{version}{within}/{resource.GetProperty("name").GetString()}";
    }
}
