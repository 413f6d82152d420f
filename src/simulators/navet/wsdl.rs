//! The service's description, for those who generate a client from it (WSDL 1.1).

use super::request::MESSAGES;
use super::response::Version;

/// Document/literal, one operation `getData`, empty SOAPAction. `address` is where the service was reached.
pub(super) fn wsdl(version: Version, address: &str) -> String {
    let service = format!("http://www.skatteverket.se/folkbokforing/na/personpostXML/v{}", version.number());
    // The address came from the caller's Host header.
    let address = quick_xml::escape::escape(address);
    format!(
        r###"<?xml version="1.0" encoding="UTF-8"?>
<wsdl:definitions name="PersonpostXMLService" targetNamespace="{service}" xmlns:tns="{service}" xmlns:ep="{MESSAGES}" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
  <wsdl:types>
    <xsd:schema targetNamespace="{MESSAGES}" elementFormDefault="qualified">
      <xsd:element name="PersonpostRequest">
        <xsd:complexType>
          <xsd:sequence>
            <xsd:element name="Bestallning">
              <xsd:complexType>
                <xsd:sequence>
                  <xsd:element name="OrgNr" type="xsd:integer"/>
                  <xsd:element name="BestallningsId" type="xsd:string"/>
                </xsd:sequence>
              </xsd:complexType>
            </xsd:element>
            <xsd:element name="PersonId" type="xsd:integer"/>
          </xsd:sequence>
        </xsd:complexType>
      </xsd:element>
      <xsd:element name="PersonpostXMLResponse">
        <xsd:complexType>
          <xsd:sequence>
            <xsd:element name="Folkbokforingsposter">
              <xsd:complexType>
                <xsd:sequence>
                  <xsd:any minOccurs="0" maxOccurs="unbounded" namespace="##local" processContents="lax"/>
                </xsd:sequence>
              </xsd:complexType>
            </xsd:element>
          </xsd:sequence>
        </xsd:complexType>
      </xsd:element>
      <xsd:element name="WebServiceFault">
        <xsd:complexType>
          <xsd:sequence>
            <xsd:element name="Felkod" type="xsd:int"/>
            <xsd:element name="Beskrivning" type="xsd:string"/>
          </xsd:sequence>
        </xsd:complexType>
      </xsd:element>
    </xsd:schema>
  </wsdl:types>
  <wsdl:message name="getDataRequest"><wsdl:part name="parameters" element="ep:PersonpostRequest"/></wsdl:message>
  <wsdl:message name="getDataResponse"><wsdl:part name="parameters" element="ep:PersonpostXMLResponse"/></wsdl:message>
  <wsdl:message name="NaWebServiceException"><wsdl:part name="fault" element="ep:WebServiceFault"/></wsdl:message>
  <wsdl:portType name="PersonpostXMLInterface">
    <wsdl:operation name="getData">
      <wsdl:input message="tns:getDataRequest"/>
      <wsdl:output message="tns:getDataResponse"/>
      <wsdl:fault name="NaWebServiceException" message="tns:NaWebServiceException"/>
    </wsdl:operation>
  </wsdl:portType>
  <wsdl:binding name="PersonpostXMLSoapBinding" type="tns:PersonpostXMLInterface">
    <soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
    <wsdl:operation name="getData">
      <soap:operation soapAction=""/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
      <wsdl:fault name="NaWebServiceException"><soap:fault name="NaWebServiceException" use="literal"/></wsdl:fault>
    </wsdl:operation>
  </wsdl:binding>
  <wsdl:service name="PersonpostXMLService">
    <wsdl:port name="personpostXML" binding="tns:PersonpostXMLSoapBinding"><soap:address location="{address}"/></wsdl:port>
  </wsdl:service>
</wsdl:definitions>
"###
    )
}
