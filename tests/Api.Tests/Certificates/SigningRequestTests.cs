using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

using MiniKube.Api.Certificates;

namespace MiniKube.Api.Tests.Certificates;

public sealed class SigningRequestTests
{
    [Fact]
    public void Read_SubjectAndNames_AreAllThere()
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("node1");
        names.AddIpAddress(System.Net.IPAddress.Parse("10.0.0.1"));
        names.AddEmailAddress("a@example.com");
        names.AddUri(new Uri("https://example.com"));

        var request = SigningRequest.Read(Make(new X500DistinguishedName("O=one, O=two, CN=user"), names.Build()));

        Assert.Equal("user", request.CommonName);
        Assert.Equal(["one", "two"], request.Organizations.Order());
        Assert.Equal(["node1"], request.Names.Dns);
        Assert.Equal([10, 0, 0, 1], Assert.Single(request.Names.Addresses));
        Assert.Equal((1, 1), (request.Names.Emails, request.Names.Uris));
    }

    // CN=user+O=system:masters as one part of the name: what is not seen here would be given unasked.
    [Fact]
    public void Read_OnePartWithTwoValues_SeesBoth()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSetOf())
        {
            Write(writer, "2.5.4.3", "user");
            Write(writer, "2.5.4.10", "system:masters");
        }

        var request = SigningRequest.Read(Make(new X500DistinguishedName(writer.Encode()), null));

        Assert.Equal(("user", "system:masters"), (request.CommonName, Assert.Single(request.Organizations)));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----")]
    public void Read_NoRequest_IsACryptographicException(string text) => Assert.Throws<CryptographicException>(() => SigningRequest.Read(text));

    private static void Write(AsnWriter writer, string type, string value)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(type);
            writer.WriteCharacterString(UniversalTagNumber.UTF8String, value);
        }
    }

    private static string Make(X500DistinguishedName subject, X509Extension? names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        if (names is not null)
        {
            request.CertificateExtensions.Add(names);
        }

        return request.CreateSigningRequestPem();
    }
}
