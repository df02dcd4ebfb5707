using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Requests for certificates: what is asked for, who has approved it, and what was issued.</summary>
internal static class CertificateChecks
{
    private const int LongestDomain = 253;
    private const int LongestSigner = 571;
    private const int ShortestValidity = 600;

    private static readonly string[] Usages =
    [
        "any", "cert sign", "client auth", "code signing", "content commitment", "crl sign", "data encipherment", "decipher only", "digital signature",
        "email protection", "encipher only", "ipsec end system", "ipsec tunnel", "ipsec user", "key agreement", "key encipherment", "microsoft sgc",
        "netscape sgc", "ocsp signing", "s/mime", "server auth", "signing", "timestamping",
    ];

    private static readonly string[] OnlyTrue = ["Approved", "Denied", "Failed"];

    public static void Request(Field request)
    {
        var spec = request["spec"];
        if (FaultOf(spec["request"].Text) is { } fault)
        {
            spec["request"].Invalid(fault);
        }

        var usages = spec["usages"];
        usages.NotEmpty();
        foreach (var usage in usages.Items)
        {
            usage.Known(Usages);
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var usage in usages.Items.Where(usage => !seen.Add(usage.Text)))
        {
            usage.Duplicate(usage.Text);
        }

        if (spec["signerName"].Text == "kubernetes.io/legacy-unknown")
        {
            spec["signerName"].Invalid("the legacy signerName is not allowed via this API version");
        }
        else
        {
            SignerName(spec["signerName"]);
        }

        if (spec["expirationSeconds"].Number < ShortestValidity)
        {
            spec["expirationSeconds"].Invalid("may not specify a duration less than 600 seconds (10 minutes)");
        }
    }

    public static void Status(Field status)
    {
        Conditions(status["conditions"]);
        if (CertificateFault(status["certificate"].Text) is { } fault)
        {
            status["certificate"].InvalidValue("<certificate data>", fault);
        }
    }

    /// <summary>What has been said of a request is not taken back, and only the approval subresource may say Approved or Denied.</summary>
    public static void Changed(Field status, JsonNode? before, bool approves, bool issues)
    {
        var conditions = status["conditions"];
        foreach (var type in OnlyTrue)
        {
            var (old, now) = (Of(before?["conditions"], type), Of(conditions.Value, type));
            if (now.Count < old.Count)
            {
                conditions.Forbidden($"updates may not remove a condition of type {GoText.Quote(type)}");
            }
            else if (type != "Failed" && !approves && now.Count > old.Count)
            {
                conditions.Forbidden($"updates may not add a condition of type {GoText.Quote(type)}");
            }
            else if (type != "Failed" && !approves && !JsonNode.DeepEquals(new JsonArray([.. now]), new JsonArray([.. old])))
            {
                conditions.Forbidden(
                    $"updates may not modify a condition of type {GoText.Quote(type)}\n"
                    + SpecDiff.Of("[]certificates.CertificateSigningRequestCondition", new JsonArray([.. Of(before?["conditions"], type)]), new JsonArray([.. Of(conditions.Value, type)])));
            }
        }

        var certificate = status["certificate"];
        if (certificate.Text == (before.StringAt("certificate") ?? ""))
        {
            return;
        }

        if (!issues)
        {
            certificate.Forbidden("updates may not set certificate content");
        }
        else if (before.StringAt("certificate") is { Length: > 0 })
        {
            certificate.Forbidden("updates may not modify existing certificate content");
        }
    }

    private static List<JsonNode?> Of(JsonNode? conditions, string type) =>
        [.. (conditions as JsonArray ?? []).Where(condition => condition.StringAt("type") == type).Select(condition => condition?.DeepClone())];

    private static void Conditions(Field conditions)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var condition in conditions.Items)
        {
            var (type, status) = (condition["type"], condition["status"]);
            type.NotEmpty();
            if (status.NotEmpty())
            {
                status.Known(OnlyTrue.Contains(type.Text) ? ["True"] : ["False", "True", "Unknown"]);
            }

            if ((type.Text == "Approved" && seen.Contains("Denied")) || (type.Text == "Denied" && seen.Contains("Approved")))
            {
                type.Invalid("Approved and Denied conditions are mutually exclusive");
            }

            if (!seen.Add(type.Text))
            {
                type.Duplicate(type.Text);
            }
        }
    }

    // A domain of two parts at least, and what stands for the signer within it.
    private static void SignerName(Field signer)
    {
        if (!signer.NotEmpty())
        {
            return;
        }

        var parts = signer.Text.Split('/');
        if (parts is not [var domain, var path])
        {
            signer.Invalid("must be a fully qualified domain and path of the form 'example.com/signer-name'");
            return;
        }

        if (domain.Length > LongestDomain)
        {
            signer.TooLong(LongestDomain);
        }

        FirstFault(signer, domain, Names.DnsLabel);
        if (!domain.Contains('.', StringComparison.Ordinal))
        {
            signer.InvalidValue(domain, "should be a domain with at least two segments separated by dots");
        }

        FirstFault(signer, path, Names.DnsSubdomain);
        if (signer.Text.Length > LongestSigner)
        {
            signer.TooLong(LongestSigner);
        }
    }

    private static void FirstFault(Field signer, string segment, Func<string, IEnumerable<string>> rule)
    {
        foreach (var label in segment.Split('.'))
        {
            var faults = rule(label).ToList();
            foreach (var fault in faults)
            {
                signer.InvalidValue(segment, $"validating label {GoText.Quote(label)}: {fault}");
            }

            if (faults.Count > 0)
            {
                return;
            }
        }
    }

    /// <summary>What is wrong with a request in PEM (within base64); null when it is whole and signed with its own key.</summary>
    private static string? FaultOf(string base64)
    {
        var pem = Decode(base64);
        if (!PemEncoding.TryFind(pem, out var found) || pem[found.Label] is not "CERTIFICATE REQUEST")
        {
            return "PEM block type must be CERTIFICATE REQUEST";
        }

        try
        {
            // Loading checks the signature.
            CertificateRequest.LoadSigningRequest(Convert.FromBase64String(pem[found.Base64Data]), HashAlgorithmName.SHA256);
            return null;
        }
        catch (Exception error) when (error is CryptographicException or NotSupportedException or ArgumentException)
        {
            return error.Message;
        }
    }

    private static string? CertificateFault(string base64)
    {
        var rest = Decode(base64);
        if (rest.Length == 0)
        {
            return null;
        }

        var blocks = 0;
        while (PemEncoding.TryFind(rest, out var found))
        {
            if (rest[found.Label] is not "CERTIFICATE" and var label)
            {
                return $"only CERTIFICATE PEM blocks are allowed, found {GoText.Quote(label)}";
            }

            try
            {
                using var certificate = X509CertificateLoader.LoadCertificate(Convert.FromBase64String(rest[found.Base64Data]));
            }
            catch (CryptographicException error)
            {
                return error.Message;
            }

            blocks++;
            rest = rest[found.Location.End..];
        }

        return blocks == 0 ? "must contain at least one CERTIFICATE PEM block" : null;
    }

    private static string Decode(string base64) => Base64.IsValid(base64) ? Encoding.UTF8.GetString(Convert.FromBase64String(base64)) : "";
}
