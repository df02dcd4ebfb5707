using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

using MiniKube.Api.Certificates;
using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Admission;

/// <summary>Reads whom a CertificateSigningRequest wants a certificate for.</summary>
internal static class RequestedSubject
{
    /// <summary>Null when it cannot be read: validation says why.</summary>
    public static SigningRequest? Of(JsonObject csr)
    {
        var base64 = csr.StringAt("spec", "request") ?? "";
        try
        {
            return Base64.IsValid(base64) ? SigningRequest.Read(Encoding.UTF8.GetString(Convert.FromBase64String(base64))) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
